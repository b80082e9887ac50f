/** What a registry of a team has after a year. */
export const registry = [
  "main-1a2b3c4-1763740800", "main-0000000-1763740799", "main-9999999-999999999", "main-fffffff-1763654400",
  "main-2-1a2b3c4-1863740800", "maintenance-1a2b3c4-1863740800", "release-main-1a2b3c4-1863740800", "main-1a2b3c4-1a2b3c4-1863740800",
  "feature-main-1a2b3c4-1863740800", "main-1a2b3c4-18637408000000-1", "xmain-1a2b3c4-1863740800",
  "main", "main-1a2b3c4", "main-1863740800", "main-1A2B3C4-1863740800", "main-1a2b3c4-1863740800-amd64", "main-1a2b3c4-0", "main-1a2b3c4-", "main-1a2b3c-1863740800",
  "pr-12-abcdef0", "pr-1863740800-abcdef0", "pr-12-abcdef0-1863740800", "pr-main-abcdef0",
  "1.4.0", "1.4.2", "1.4.10", "1.3.99", "1.5.0", "2.0.0", "1.4.11-rc.1", "1.4.12-main.1863740800", "2.1.0-alpha", "1.4", "1", "14.0", "01.4.99.1", "1.4.x",
  "latest", "stable", "stable-2", "unstable", "v2", "sha256-0a1b2c3d.sig", "sha-1a2b3c4", "2026-01-02", "20260102.7", "_", "buildcache",
];
