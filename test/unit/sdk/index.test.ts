// The SDK's one entry: what it exports is a promise to applications, so a change of it is a decision.
import { expect, it } from "vitest";

it("exports this and nothing else", async () => {
  expect(Object.keys(await import("#sdk/index.ts")).toSorted()).toMatchInlineSnapshot(`
    [
      "CausewayError",
      "createApi",
      "decodeMessageData",
      "decodeTransferData",
      "errorCodes",
      "estimateFee",
      "estimateTime",
      "explainPacket",
      "formatPacketId",
      "getEvidence",
      "isCausewayError",
      "lightClientAbi",
      "listChains",
      "listLanes",
      "listPackets",
      "messageAppAbi",
      "messageId",
      "messageReceiverAbi",
      "messageSenderAbi",
      "packetRouterAbi",
      "parsePacketId",
      "readPacket",
      "search",
      "send",
      "track",
      "transfer",
      "transferAppAbi",
      "verifyEvidence",
      "voucherAbi",
      "waitForResult",
    ]
  `);
});
