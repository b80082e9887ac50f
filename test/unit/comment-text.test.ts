/** Code spans, tables and the limit of a comment, for themselves. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fit, folded, list } from "../../cli/comment/fit.ts";
import { table } from "../../cli/comment/table.ts";
import { cell, code, lines, some } from "../../cli/comment/text.ts";
import { outsideOfCode } from "./markdown-spans.ts";

describe("a code span", () => {
  test("holds what would end it, on one line", () => {
    assert.equal(code("orders"), "`orders`");
    assert.equal(code("a`b``c"), "``` a`b``c ```");
    assert.equal(code("a\r\nb\nc"), "`a b c`");
    assert.equal(code("  "), "`?`");
  });
  test("shows what is not seen, and does not turn text around", () => assert.equal(code("a\u202eb\u200bc\u0000\ud800"), "`a\ufffdb\ufffdc\ufffd\ufffd`"));
  test("is cut by whole characters", () => assert.equal(code("💥".repeat(5), 3), "`💥💥…`"));
  test("ends no cell of a table", () => assert.equal(cell("a|b"), "`a\\|b`"));

  test("leaves nothing outside, in text or in a cell", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("`", "|", "\\", "a", " ", "\n", "@", "<") }), (text) => {
      assert.equal(outsideOfCode(`x ${code(text)} y`), "x  y");
      assert.equal(outsideOfCode(`| ${cell(text)} |`), "|  |");
    }));
  });
});

test("names are told as far as they are read, each whole", () => {
  assert.equal(some(["orders", "web"]), "`orders`, `web`");
  assert.equal(some(["orders", "web", "shop", "news", "jobs"]), "`orders`, `web`, `shop` and 2 more");
  assert.equal(lines("one\n\ntwo\nthree", 2), "`one`<br>`two`<br>… and 1 more lines");
});

describe("a comment", () => {
  const entries = (number: number, length = 10) => Array.from({ length: number }, (_, index) => ({ text: `- ${String(index).padEnd(length, ".")}` }));

  test("that fits is whole; an empty list is not there", () => {
    assert.equal(fit([{ open: ["### t"] }, ...list("Few (2)", entries(2, 1), ["after"]), ...list("None", []), ...folded("1 more", entries(1, 1))]),
      "### t\n\n#### Few (2)\n\n- 0\n- 1\n\nafter\n\n<details><summary>1 more</summary>\n\n- 0\n\n</details>\n");
  });

  test("has what is beyond twenty lines folded", () => assert.match(fit(list("Many", entries(23, 1))), /\n- 19\n\n<details><summary>3 more<\/summary>\n\n- 20\n- 21\n- 22\n\n<\/details>\n$/));

  test("loses whole lines, says how many, and keeps something of every part", () => {
    const text = fit([...folded("first", entries(1000)), ...folded("second", entries(1000))], 2000);
    assert.ok(text.length <= 2000);
    const [first, second] = text.split("</details>").map((part) => [part.match(/^- \d+\.*$/gm)?.length ?? 0, Number(/… and (\d+) more/.exec(part)?.[1])]);
    for (const [shown, left] of [first!, second!]) assert.deepEqual([shown! + left!, shown! > 20], [1000, true]);
    assert.match(text, /^(<details><summary>\w+<\/summary>\n\n(- \d+\.*\n)+- … and \d+ more\n\n<\/details>\s*){2}$/);
  });

  test("gives the room that nobody needs to whoever does", () => assert.ok(fit([...folded("first", entries(1000)), ...folded("second", entries(1))], 2000).match(/^- \d/gm)!.length > 120));
  test("counts what a line stands for", () => assert.match(fit(folded("x", [{ text: "- long".padEnd(500), of: 7 }, { text: "- b", of: 3 }]), 200), /… and 10 more/));

  test("is never longer than its limit", () => {
    const section = fc.record({ number: fc.nat(60), length: fc.nat(300) }).map(({ number, length }) => list("h", entries(number, length)));
    fc.assert(fc.property(fc.array(section, { maxLength: 6 }), fc.integer({ min: 700, max: 9000 }), (sections, limit) => assert.ok(fit(sections.flat(), limit).length <= limit)));
  });

  test("that cannot be small enough is a mistake", () => assert.throws(() => fit(list("heading", entries(1)), 5), RangeError));
});

test("a table has components first, and tenants together to which the same happens", () => {
  const tenant = (name: string, verb: string, what: string) => ({ part: { kind: "tenant", name } as const, verb, what });
  const rows = table([
    tenant("web", "update", "Namespace"), tenant("orders", "update", "Namespace"), tenant("shop", "delete", "Namespace"), tenant("shop", "update", "Secret"), tenant("shop", "update", "Secret"),
    { part: { kind: "component", name: "mooring" }, verb: "update", what: "Role|x" },
  ], ["delete", "update", "create"]);
  assert.equal(fit(rows), [
    "| where | delete | update | what |",
    "|---|--:|--:|---|",
    "| `mooring` |  | 1 | 1 `Role\\|x` |",
    "| tenant `shop` | 1 | 2 | 2 `Secret`, 1 `Namespace` |",
    "| 2 tenants: `orders`, `web` |  | 1 each | 1 `Namespace` |",
    "",
  ].join("\n"));
  assert.deepEqual(table([], ["update"]), []);
});
