// What a browser keeps for its visitor. Where it may keep nothing, everything works, but from the beginning each time.

export interface Remembered {
  get(name: string): string | undefined;
  set(name: string, value: string | undefined): void;
}

const over = (store: () => Storage): Remembered => ({
  get(name) {
    try {
      return store().getItem(`causeway.${name}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(name, value) {
    try {
      if (value === undefined) store().removeItem(`causeway.${name}`);
      else store().setItem(`causeway.${name}`, value);
    } catch {
      // Not remembered.
    }
  },
});

export const remembered: Remembered = over(() => localStorage);
/** Until the tab is closed. */
export const rememberedHere: Remembered = over(() => sessionStorage);
