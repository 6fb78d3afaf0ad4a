import { renderToString } from "preact-render-to-string";
import fc from "fast-check";
import { expect, test } from "vitest";
import { untrustedText, visibleText } from "#relayer/explorer/components/untrusted-text.ts";

const shown = (value: string): string => renderToString(untrustedText(value));

test.each(["<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "<!--", "</bdi><b>", "&lt;b&gt;"])(
  "%s is text",
  (value) => {
    expect(shown(value)).not.toMatch(/<(script|img|b|!--)[ >]/);
    expect(shown(value)).toMatch(/^<bdi class="text">.*<\/bdi>$/s);
  },
);

test.each([
  ["a right-to-left override", "invoice\u202egnp.exe", "invoice⟨U+202E⟩gnp.exe"],
  ["an isolate", "a\u2067b\u2069c", "a⟨U+2067⟩b⟨U+2069⟩c"],
  ["a zero-width space", "pay\u200bpal", "pay⟨U+200B⟩pal"],
  ["a null", "a\u0000b", "a⟨U+0000⟩b"],
  ["half of a surrogate pair", "a\ud800b", "a⟨U+D800⟩b"],
  ["a tag character", "a\u{e0041}b", "a⟨U+E0041⟩b"],
  ["an escape", "\u001b[31mred", "⟨U+001B⟩[31mred"],
])("%s is made visible", (_, value, expected) => {
  expect(visibleText(value)).toBe(expected);
  expect(shown(value).replaceAll(/<[^>]*>/g, "")).toBe(expected);
});

test.each(["Grüße", "日本語", "שלום", "👩‍🚀".replaceAll("\u200d", ""), "line\nline", "a\u0301"])(
  "%j stays as it is",
  (value) => {
    expect(visibleText(value)).toBe(value);
  },
);

test("nothing that turns text around is left in any text", () => {
  const text = fc.array(fc.integer({ min: 0, max: 0xff_ff })).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, (value) => {
      expect(visibleText(value)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
      expect(visibleText(value).isWellFormed()).toBe(true);
    }),
  );
});

test("a very long text shows its beginning, and the rest on demand", () => {
  const page = shown("x".repeat(10_000));
  expect(page).toContain("<summary>all 10,000 characters</summary>");
  expect(/<bdi>(x*)<\/bdi>…/.exec(page)?.[1]).toHaveLength(400);
});
