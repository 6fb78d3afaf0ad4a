// Where the time went, for people.
import type { Figures } from "./figures.ts";

const MOST = 12;

export function profileLines({ profile, cpu, seconds, packets }: Figures, cores: number): string[] {
  if (profile === undefined) return [];
  const { stages, traffic } = profile;
  const inStages = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0).padStart(3)} %`;
  const used = cpu.relayer + cpu.database + cpu.queue + cpu.chains;
  const roles = (["relayer", "database", "queue", "chains"] as const).map(
    (role) => `${role} ${share(cpu[role], used)}`,
  );
  const listed = (title: string, values: Readonly<Record<string, number>>, unit: string): string[] => [
    `    ${title}:`,
    ...Object.entries(values)
      .slice(0, MOST)
      .map(([key, value]) => `      ${value.toFixed(3).padStart(12)} ${unit}  ${key}`),
  ];
  const total = (values: Readonly<Record<string, number>>): string =>
    Object.values(values)
      .reduce((sum, value) => sum + value, 0)
      .toFixed(1);
  return [
    `    processors' time: ${roles.join(", ")}; ${share((used * packets) / 1000, seconds * cores)} of ${cores} cores`,
    "    batches' time by stage:",
    ...stages
      .toSorted((left, right) => right.seconds - left.seconds)
      .map(({ stage, seconds, batches }) => {
        const each = batches === 0 ? "" : `, ${batches} batches, ${((1000 * seconds) / batches).toFixed(0)} ms each`;
        return `      ${share(seconds, inStages)}  ${stage}: ${seconds.toFixed(2)} s${each}`;
      }),
    ...listed(`requests a packet (${total(traffic.requests)})`, traffic.requests, "  "),
    ...listed("waiting for answers, ms a packet", scaled(traffic.seconds, 1000), "ms"),
    ...listed(`bytes a packet (${total(traffic.bytes)})`, traffic.bytes, "B "),
  ];
}

const scaled = (values: Readonly<Record<string, number>>, factor: number): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value * factor]));
