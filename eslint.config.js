import tseslint from "typescript-eslint";

/** Rooms that components/ knows nothing of; a folder of such a name beneath the file's own is another matter. */
const outside = "^\\.\\./(.*/)?(cli|local|test|policies)/";

export default tseslint.config(
  { ignores: ["node_modules/", "rendered/", ".mooring/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      // node:test waits for its tests by itself.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: ["test", "describe"], package: "node:test" }] }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      eqeqeq: "error",
    },
  },
  {
    // One direction: what is computed and registered knows nothing of the commands, the local platform or the tests.
    files: ["components/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: outside, message: "components/ must not import from cli/, local/, policies/ or test/" }] }],
    },
  },
  {
    files: ["components/{azure,flux,github,tenant,settings}/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: `(${outside}|platform\\.ts$)`, message: "imports point one way: index → platform → {azure, flux, github, tenant} → settings" }] }],
    },
  },
);
