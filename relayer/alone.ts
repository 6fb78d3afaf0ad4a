// Work that must not run twice at a time in this process, by name. (Between processes, leases see to that.)
export type Alone = (name: string, work: () => Promise<void>) => Promise<boolean>;

/** What it returns runs `work` and says true, or says false at once while other work of that name runs. */
export function createAlone(): Alone {
  const running = new Set<string>();
  return async (name, work) => {
    if (running.has(name)) return false;
    running.add(name);
    try {
      await work();
    } finally {
      running.delete(name);
    }
    return true;
  };
}
