// What runs the guides notices when one does not do what it says.
import { expect, it } from "vitest";
import { hasOutput, readGuide, runGuide } from "#test/support/guide.ts";

const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;

it("runs commands in one session, and writes files where it is", async () => {
  await runGuide(
    [
      "# A guide\n\nIt begins.\n",
      fence("sh", "mkdir inner && cd inner\nexport GREETING='good day'"),
      fence("js say.mjs", "const greeting = process.env.GREETING;"),
      fence("js say.mjs", "console.log(`${greeting}, $you`);"),
      fence("sh", "node say.mjs\ntest -d ../causeway/sdk"),
      fence("text", "good day, $you"),
    ].join("\nthen\n\n"),
  );
});

it("waits for what goes on in the background, and ends it", async () => {
  await runGuide(
    fence("sh background", "sleep 0.3; echo ready 7; sleep 100") + fence("text", "ready …") + fence("sh", "true"),
  );
});

it.each([
  ["a command that fails", fence("sh", "echo before; false; echo after"), "line 1: the commands failed:\nbefore"],
  ["one in a pipe", fence("sh", "false | true"), "the commands failed"],
  ["a variable nobody set", fence("sh", 'echo "$NOBODY"'), "NOBODY"],
  ["other output", `\n${fence("sh", "echo one")}${fence("text", "two")}`, "line 5: expected\ntwo"],
])("fails with %s", async (_, markdown, problem) => {
  await expect(runGuide(markdown)).rejects.toThrow(problem);
});

it.each(["", "console", "bash", "ts", "sh foreground now", "ts two words.ts"])("does not take a block %j", (info) => {
  expect(() => readGuide(fence(info, "echo"))).toThrow("is not run");
});

it.each([
  ["a\nc", "a\nb\nc\n", true],
  ["c\na", "a\nb\nc\n", false],
  ["a … c", "a 1 2 c\n", true],
  ["a … c", "a 1 2 d\n", false],
  ["a", "xa\n", false],
  ["…\nb", "a\n  b  \n", true],
  ["(a.*)", "(a.*)\n", true],
  ["(a.*)", "aaa\n", false],
])("%j in %j: %s", (expected, output, found) => {
  expect(hasOutput(expected, output)).toBe(found);
});
