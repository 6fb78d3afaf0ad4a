// What pages say of data that is missing, odd, or hostile.
import { bytesToHex } from "@noble/hashes/utils.js";
import { renderToString } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { encodeMessageData } from "#adapters/protocol/message-data.ts";
import { encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { loadPage } from "#relayer/explorer/load-page.ts";
import type { Page, Redirect } from "#relayer/explorer/page.ts";
import { aDelivery, aLane, aPacket, aPacketView, askOf, testSite } from "#test/support/explorer-data.ts";

const HOSTILE = `<img src=x onerror=alert(1)>\u202e${"x".repeat(2_000)}`;
const ID = aPacket().id;

async function load(url: string, answers: Readonly<Record<string, unknown>>): Promise<Page | Redirect> {
  return loadPage(url, askOf(answers), () => undefined);
}

async function show(
  url: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<{ page: Page; text: string; markup: string }> {
  const page = await load(url, answers);
  if ("to" in page) throw new Error(`redirected to ${page.to}`);
  const markup = [page.form?.(testSite), page.live(testSite), page.fixed?.(testSite)]
    .map((part) => (part ? renderToString(part) : ""))
    .join("");
  return { page, markup, text: markup.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ") };
}

const packet = (changed: Parameters<typeof aPacketView>[0]): Record<string, unknown> => ({
  [`/v1/packets/${ID}`]: aPacketView(changed),
  [`/v1/log/packets/${ID}`]: { entries: [] },
});

describe("unknown is never shown as pending", () => {
  test("a packet that is not known", async () => {
    const { page, text } = await show(`/packets/${ID}`, {});
    expect(page.status).toBe(404);
    expect(text).toContain("Unknown here");
    expect(text).not.toMatch(/pending|under way|sent/i);
  });

  test("a search without a hit", async () => {
    const { page, text } = await show("/search?q=0xabc", { "/v1/search": { query: "0xabc", hits: [] } });
    expect(page.status).toBe(404);
    expect(text).toContain("Nothing that this relayer knows goes by 0xabc");
    expect(text).not.toMatch(/pending/i);
  });

  test("a packet of which only its receipt was read", async () => {
    const { text } = await show(
      `/packets/${ID}`,
      packet({ payloads: null, bytes: null, messageId: null, timeoutTimestamp: null }),
    );
    expect(text).toContain("Unknown: the event of its sending was not read yet.");
    expect(text).toMatch(/Message id unknown/);
    expect(text).toMatch(/Times out unknown/);
    expect(text).not.toMatch(/pending/i);
  });

  test("a lane without figures, and a light client that was never read", async () => {
    const client = {
      chain: "test:b",
      client: "client-1",
      follows: "test:a",
      status: null,
      height: null,
      timestamp: null,
      expiresAt: null,
      readAt: null,
      comparedAt: null,
      uncompared: [],
      contradiction: null,
    };
    const { text } = await show("/lanes/test:b/client-1", {
      "/v1/lanes/test:b/client-1": aLane(),
      "/v1/clients/test:b/client-1": client,
    });
    expect(text).toMatch(/p50 unknown/);
    expect(text).toMatch(/Light client unknown Trusted height unknown Expires unknown/);
    expect(text).toContain("Nothing was delivered yet");
    const clients = await show("/clients", { "/v1/clients": { clients: [client] } });
    expect(clients.text).not.toMatch(/active|expired|\b0\b/);
  });

  test("a chain whose endpoints have not answered", async () => {
    const chain = {
      chain: "test:a",
      family: "test",
      height: null,
      timestamp: null,
      updatedAt: null,
      gaps: [],
      health: null,
    };
    const { text } = await show("/chains", { "/v1/chains": { chains: [chain] } });
    expect(text).toContain("its endpoints' state is unknown");
    expect(text).toMatch(/Head unknown Finalized unknown Read up to unknown/);
  });
});

describe("what others wrote is text", () => {
  const isText = ({ markup, page }: { markup: string; page: Page }): void => {
    // Values that are copied, sent or compared stay what they are, in attributes that nobody reads.
    const read = markup.replaceAll(/ (?!title|aria-label)[a-z-]+="[^"]*"/g, "");
    expect(read.includes("<img")).toBe(false);
    expect(read.includes("\u202e")).toBe(false);
    expect(read.includes("U+202E")).toBe(true);
    expect(page.title).not.toContain("\u202e");
  };

  test("a transfer's token name, parties and memo", async () => {
    const value = bytesToHex(
      encodeTransferData({ denom: HOSTILE, sender: HOSTILE, receiver: HOSTILE, amount: 5_000_000n, memo: HOSTILE }),
    );
    const payload = {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value,
    };
    const shown = await show(`/packets/${ID}`, packet({ payloads: [payload] }));
    isText(shown);
    expect(shown.text).toContain("Token transfer");
    expect(shown.text).toContain("5 000 000");
  });

  test("a message's payload", async () => {
    const data = {
      sender: "a",
      receiver: "b",
      salt: new Uint8Array(),
      payload: new TextEncoder().encode(HOSTILE),
      memo: "",
    };
    const payload = {
      sourcePort: "gmpport",
      destinationPort: "gmpport",
      version: "ics27-2",
      encoding: "application/x-solidity-abi",
      value: bytesToHex(encodeMessageData(data)),
    };
    isText(await show(`/packets/${ID}`, packet({ payloads: [payload] })));
  });

  test("a delivery's error, ports and chain ids", async () => {
    const payload = { sourcePort: HOSTILE, destinationPort: HOSTILE, version: HOSTILE, encoding: HOSTILE, value: "00" };
    isText(
      await show(
        `/packets/${ID}`,
        packet({
          payloads: [payload],
          sourceChain: HOSTILE,
          destinationChain: HOSTILE,
          deliveries: [aDelivery({ errorCode: HOSTILE, error: HOSTILE, transaction: HOSTILE, lane: HOSTILE })],
        }),
      ),
    );
  });

  test("a lane's pause, and what is in a list", async () => {
    const lane = aLane({ id: HOSTILE, paused: { at: aPacket().createdAt, by: HOSTILE, because: HOSTILE } });
    isText(
      await show("/", {
        "/v1/packets": { packets: [aPacket({ id: HOSTILE, sourceChain: HOSTILE })], next: null },
        "/v1/lanes": { lanes: [lane] },
      }),
    );
    isText(await show(`/lanes/${encodeURIComponent(HOSTILE)}`, { [`/v1/lanes/${encodeURIComponent(HOSTILE)}`]: lane }));
  });

  test("what was searched for", async () => {
    const shown = await show(`/search?q=${encodeURIComponent(HOSTILE.slice(0, 60))}`, {
      "/v1/search": { query: "", hits: [] },
    });
    isText(shown);
  });
});

describe("payloads and answers", () => {
  test("bytes that are no standard payload are shown as bytes, though their port says otherwise", async () => {
    const payload = {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value: "00ff",
    };
    const { text } = await show(`/packets/${ID}`, packet({ payloads: [payload] }));
    expect(text).toContain("Payload of another application");
    expect(text).toContain("00ff");
  });

  test("a refusal is no success", async () => {
    const acknowledgements = [bytesToHex(UNIVERSAL_ERROR_ACKNOWLEDGEMENT)];
    const { text } = await show(`/packets/${ID}`, packet({ status: "acknowledged", acknowledgements }));
    expect(text).toContain("refused");
    expect(text).not.toContain("accepted");
  });

  test("stages of an earlier attempt do not count for this one", async () => {
    const [earlier, later] = ["2026-11-26T11:00:00.000Z", "2026-11-26T11:00:04.000Z"];
    const again = aDelivery({
      status: "proving",
      attempts: 1,
      watchedAt: earlier,
      provingAt: later,
      queuedAt: later,
      verifyingAt: later,
    });
    const { text } = await show(`/packets/${ID}`, packet({ deliveries: [again] }));
    expect(text).toMatch(/watch 4.00 s prove now queue – verify – submit – log –/);
  });
});

describe("search", () => {
  const hit = (kind: string, id: string) => ({ kind, id, path: "/" });
  const search = (...hits: object[]) => load("/search?q=x", { "/v1/search": { query: "x", hits } });

  test.each([
    [hit("packet", ID), `/packets/${ID}`],
    [hit("lane", "test:b/client-1"), "/lanes/test:b/client-1"],
    [hit("logEntry", "3"), "/log/3"],
    [hit("chain", "test:a"), "/?chain=test%3Aa"],
  ])("the only thing of a name is shown at once", async (found, to) => {
    expect(await search(found)).toEqual({ to });
  });

  test("a transaction of one packet leads to it", async () => {
    expect(await search(hit("transaction", "0x1"), hit("packet", ID))).toEqual({ to: `/packets/${ID}` });
  });

  test("several things of a name are listed", async () => {
    const { text } = await show("/search?q=x", {
      "/v1/search": { query: "x", hits: [hit("packet", ID), hit("logEntry", "3")] },
    });
    expect(text).toContain("2 things go by that name");
  });
});

describe("what cannot be shown", () => {
  test.each(["/nope", "/packets/", "/lanes/%ff", "/log/1/2", "//", "/packets"])("%s is no page", async (url) => {
    expect(await load(url, {})).toMatchObject({ status: 404 });
  });

  test("an answer that is not understood is a problem, and says which part", async () => {
    const { page, text } = await show("/lanes", { "/v1/lanes": { lanes: [{ id: 7 }] } });
    expect(page.status).toBe(502);
    expect(text).toContain("lanes.0.id");
  });
});

describe("a lane over time", () => {
  const at = "2026-11-26T12:00:00.000Z";
  const lanePage = async (history: object) =>
    show("/lanes/test:b/client-1", {
      "/v1/lanes/test:b/client-1": aLane(),
      "/v1/lanes/test:b/client-1/history": { lane: "test:b/client-1", stepSeconds: 900, ...history },
    });

  test("plots what waited while nothing was delivered, and has it in numbers", async () => {
    const { text, markup } = await lanePage({ steps: [], waiting: [{ at, backlog: 42, oldestSeconds: 600 }] });
    expect(text).toContain("Nothing was delivered yet");
    expect(text).toMatch(/Backlog .*Oldest that waited/);
    expect(markup.match(/class="chart"/g)?.length).toBe(2);
    expect(text).toMatch(/The most that waited, newest first .*42 10 min/);
  });

  test("plots nothing that was not measured", async () => {
    const { markup } = await lanePage({ steps: [], waiting: [] });
    expect(markup).not.toContain('class="chart"');
  });

  test("has no oldest where nothing waited", async () => {
    const { text } = await lanePage({ steps: [], waiting: [{ at, backlog: 0, oldestSeconds: null }] });
    expect(text).toMatch(/newest first .* 0 –/);
  });
});
