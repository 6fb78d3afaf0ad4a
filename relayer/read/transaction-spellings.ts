// How a transaction's id may stand in the tables: as its chain writes it, whatever the one who asks made of it.

/** As given, and a hash as families write it: in small letters after `0x`, and in capitals without it. */
export function spellingsOf(id: string): string[] {
  const digits = /^(?:0x)?([0-9a-f]{64})$/i.exec(id)?.[1];
  return digits === undefined ? [id] : [...new Set([id, `0x${digits.toLowerCase()}`, digits.toUpperCase()])];
}
