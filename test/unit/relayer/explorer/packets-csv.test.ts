import { expect, test } from "vitest";
import { packetsCsv } from "#relayer/explorer/packets-csv.ts";
import { aPacket } from "#test/support/explorer-data.ts";

const cellsOf = (packet: Parameters<typeof packetsCsv>[0][number]): string =>
  packetsCsv([packet]).split("\r\n")[1] ?? "";

test("a header, then a line for each", () => {
  const lines = packetsCsv([aPacket(), aPacket({ sequence: "8" })]).split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^id,messageId,sourceChain/);
  expect(lines[3]).toBe("");
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])("%j is no formula", (errorCode) => {
  expect(cellsOf(aPacket({ errorCode }))).toContain(`'${errorCode}`);
});

test("quotes, commas and line breaks stay within their cell", () => {
  expect(cellsOf(aPacket({ errorCode: 'a "b", c' }))).toContain('"a ""b"", c"');
});

test("what is unknown is empty", () => {
  expect(cellsOf(aPacket({ messageId: null, timeoutTimestamp: null }))).toMatch(/^[^,]*,,/);
});
