// Templates that read as HTML does: a line break between two things is a space, however a formatter wraps the lines.
import { html as compact } from "htm/preact";
import type { VNode } from "preact";

/** The same strings for the same template each time: what is made of it is remembered by them. */
const read = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

function joined(strings: TemplateStringsArray): TemplateStringsArray {
  let found = read.get(strings);
  if (found === undefined) {
    const lines = [...strings];
    // Lines around the template are no part of it.
    lines[0] = lines[0]?.replace(/^\s*\n\s*/, "") ?? "";
    lines[lines.length - 1] = lines.at(-1)?.replace(/\s*\n\s*$/, "") ?? "";
    for (const [index, text] of lines.entries()) lines[index] = text.replaceAll(/\s*\n\s*/g, " ");
    found = Object.assign(lines, { raw: lines });
    read.set(strings, found);
  }
  return found;
}

export const html = (strings: TemplateStringsArray, ...values: readonly unknown[]): VNode =>
  compact(joined(strings), ...values);
