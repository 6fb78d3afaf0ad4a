// Every state a packet can be in has one sentence, which says what is the case and never more than is known.
import { describe, expect, test } from "vitest";
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import { explain } from "#sdk/trace/explain.ts";
import { traceFacts } from "#sdk/trace/facts.ts";
import { CODES_OF_OTHERS, CODES_WITH_A_STATE, failureCodes, states } from "#sdk/trace/states.ts";
import { cases } from "./cases.ts";
import { alone, event, NOON, notFinal, onLeg, sample } from "./sample-facts.ts";

describe("each state", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, { state, facts, says, next = [], expectedAt }) => {
    const said = explain(traceFacts.parse(JSON.parse(JSON.stringify(facts))));
    expect(said.state, said.sentence).toBe(state);
    for (const words of says) expect(said.sentence).toContain(words);
    for (const words of next) expect(said.next).toContain(words);
    if (expectedAt !== undefined) expect(said.expectedAt).toBe(expectedAt);
  });

  test("has a case, and every case's state is in the list", () => {
    expect(new Set(cases.map(({ state }) => state))).toEqual(new Set(states.keys()));
  });

  test("is given by a delivery's or a lane's error code, or the code belongs to others", () => {
    const covered = [...failureCodes, ...Object.keys(CODES_WITH_A_STATE), ...CODES_OF_OTHERS];
    for (const code of [...Object.keys(errorCodes), "UNEXPECTED"])
      expect(
        covered.filter((one) => one === code),
        code,
      ).toHaveLength(1);
  });
});

describe("every sentence", () => {
  const all = cases.map(({ name, facts }) => ({ name, ...explain(facts) }));

  test("is one sentence, with a beginning and an end", () => {
    for (const { name, sentence, next, advice } of all) {
      for (const text of [sentence, ...(next === null ? [] : [next])]) {
        expect(text, name).toMatch(/^[\p{Lu}\p{N}].*[.]$/u);
        expect(text.slice(0, -1), name).not.toMatch(/[.!?] \p{Lu}/u);
        expect(text, name).not.toMatch(/undefined|null|NaN|\[object|Infinity| {2}|\p{Cc}/u);
      }
      expect(sentence.length, name).toBeLessThan(400);
      for (const { what } of advice) expect(what, name).not.toMatch(/undefined|null|NaN|\[object|Infinity|\p{Cc}/u);
    }
  });

  test("names what it is about", () => {
    for (const { name, sentence } of all) expect(sentence, name).toMatch(/fake:[ab]|0x/);
  });

  test("says of the unknown that it is, and of nothing that it is pending", () => {
    for (const { name, standing, sentence, next } of all) {
      expect(`${sentence} ${next}`, name).not.toMatch(/pending/i);
      expect(next === null, name).toBe(!["underway", "held"].includes(standing));
    }
  });

  test("comes with advice, and what is held names what to do", () => {
    for (const { name, standing, advice } of all) {
      expect(advice.length, name).toBeGreaterThan(0);
      const toDo = /`|docs\/|contract|correct|wait|ask/i;
      if (standing === "held") expect(advice.map(({ what }) => what).join("\n"), name).toMatch(toDo);
    }
  });

  test("of different states differs", () => {
    const byState = new Map(cases.map(({ state, facts }) => [state, explain(facts).sentence]));
    expect(new Set(byState.values()).size).toBe(states.size);
  });
});

describe("the timeline", () => {
  test("of a packet on its way has what was, is and will be", () => {
    const { timeline } = explain(sample(onLeg.receive("proving")));
    expect(timeline.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "sent done",
      "final done",
      "received now",
      "answered next",
      "acknowledged next",
    ]);
    expect(timeline[2]).toMatchObject({ chain: "fake:b", at: NOON + 20, transaction: null });
  });

  test("of one that is not final waits for that", () => {
    const { timeline } = explain(alone({ events: [event("sent", notFinal)] }));
    expect(timeline[1]).toMatchObject({ name: "final", status: "now", at: NOON + 40, height: "812" });
  });

  test("of one that timed out does not promise a receipt", () => {
    const { timeline } = explain(sample(onLeg.timeout("proving")));
    expect(timeline.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "sent done",
      "final done",
      "timedOut now",
    ]);
  });

  test("of one that was refused shows where it failed", () => {
    const { timeline } = explain(sample(onLeg.refund("proving")));
    expect(timeline.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "sent done",
      "final done",
      "received done",
      "answered failed",
      "acknowledged now",
    ]);
  });
});

describe("order", () => {
  test("what is signed is finished, however its lane stands", () => {
    const paused = { at: NOON, by: "alice", because: "a reason" };
    const lanes = { source: null, destination: { ...sample().lanes.destination, paused } };
    const at = (status: string) => explain(sample({ ...onLeg.receive(status), lanes } as never)).state;
    expect(["watched", "proving", "queued", "submitting", "logging"].map(at)).toEqual([
      "lanePaused",
      "lanePaused",
      "lanePaused",
      "receive:submit",
      "receive:log",
    ]);
  });

  test("a failure that passed is not told while the next attempt runs", () => {
    const change = { errorCode: "RPC_UNREACHABLE", error: "gone", attempts: 1 };
    const said = explain(sample(onLeg.receive("proving", change)));
    expect(said.state).toBe("receive:prove");
    expect(said.sentence).toContain("after 1 failed attempt");
  });

  test("what waited for finality is in turn again when it came", () => {
    expect(explain(sample(onLeg.receive("watched", { errorCode: "NOT_FINAL_YET" }))).state).toBe("receive:watch");
  });

  test("a code of a later version is no reason to fall silent", () => {
    expect(explain(sample(onLeg.receive("watched", { errorCode: "SOMETHING_NEW" }))).state).toBe("failing:UNEXPECTED");
  });

  test("a light client near expiry and a coming fork are told beside another sentence", () => {
    const { source, destination } = sample().clients;
    const clients = {
      source: source && { ...source, timestamp: NOON - 100_000, expiresAt: NOON + 10_800 },
      destination: destination && {
        ...destination,
        unknownFork: { name: "heze", beginsAt: NOON + 600, hasBegun: false },
      },
    };
    const { state, advice } = explain(sample({ ...onLeg.receive(), clients }));
    expect(state).toBe("receive:watch");
    expect(advice.map(({ what }) => what).join("\n")).toMatch(/3 h from expiry[^]*does not know fork heze/);
  });

  test("what a relayer knew is told with the chain that could not be asked", () => {
    const unread = [{ chain: "fake:b", what: "chain", why: "too slow" } as const];
    const { state, advice } = explain(sample({ ...onLeg.receive(), unread }));
    expect(state).toBe("receive:watch");
    expect(advice.map(({ what }) => what).join()).toContain("fake:b could not be asked just now (too slow)");
  });

  test("words of others stay on one line, and steer no terminal", () => {
    const reason = `${"x".repeat(500)}\u202e\u001b[2J\nPaid. Done.`;
    const { sentence } = explain(sample({ ...onLeg.refund(), refusal: { reason, by: "event" } }));
    expect(sentence).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(sentence.length).toBeLessThan(400);
  });
});
