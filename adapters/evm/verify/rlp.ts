// Strict RLP decoding (Ethereum Yellow Paper, appendix B): every encoding that is not the shortest one is refused.

export interface RlpItem {
  readonly list: boolean;
  /** The item's content, without its header. */
  readonly payload: Uint8Array;
  /** The item as encoded, header included. */
  readonly raw: Uint8Array;
}

const SHORT_LIMIT = 55;

function readLength(bytes: Uint8Array): number | undefined {
  if (bytes.length > 4 || bytes[0] === undefined || bytes[0] === 0) return undefined;
  const length = bytes.reduce((value, byte) => value * 256 + byte, 0);
  return length > SHORT_LIMIT ? length : undefined;
}

/** The item that starts at `offset`; undefined when it is not canonical or runs over the end. */
function readItem(bytes: Uint8Array, offset: number): RlpItem | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  if (first < 0x80) {
    const raw = bytes.subarray(offset, offset + 1);
    return { list: false, payload: raw, raw };
  }
  const list = first >= 0xc0;
  const tag = first - (list ? 0xc0 : 0x80);
  const lengthBytes = Math.max(0, tag - SHORT_LIMIT);
  const start = offset + 1 + lengthBytes;
  if (start > bytes.length) return undefined;
  const length = lengthBytes === 0 ? tag : readLength(bytes.subarray(offset + 1, start));
  if (length === undefined || start + length > bytes.length) return undefined;
  const payload = bytes.subarray(start, start + length);
  const [only] = payload;
  if (!list && length === 1 && only !== undefined && only < 0x80) return undefined;
  return { list, payload, raw: bytes.subarray(offset, start + length) };
}

/** Items of a list's payload, when they fill it exactly. */
export function rlpItems(payload: Uint8Array): RlpItem[] | undefined {
  const items: RlpItem[] = [];
  let offset = 0;
  while (offset < payload.length) {
    const item = readItem(payload, offset);
    if (item === undefined) return undefined;
    items.push(item);
    offset += item.raw.length;
  }
  return items;
}

/** Exactly one item and nothing after it. */
export function rlpItem(bytes: Uint8Array): RlpItem | undefined {
  const item = readItem(bytes, 0);
  return item?.raw.length === bytes.length ? item : undefined;
}

/** Items of the one list that `bytes` encode. */
export function rlpList(bytes: Uint8Array): RlpItem[] | undefined {
  const item = rlpItem(bytes);
  return item?.list === true ? rlpItems(item.payload) : undefined;
}
