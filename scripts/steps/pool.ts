// Runs jobs in their order, at most `width` at a time; results come in the order of the jobs.

export async function pool<T, R>(jobs: readonly T[], width: number, work: (job: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      results[index] = await work(jobs[index] as T);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}
