// The one error class of the project: a code from a closed list, whether to retry, and what an operator can do.
import { errorCodes } from "./error-codes.ts";
import type { ErrorCode } from "./error-codes.ts";

export type Retry = "never" | "later" | "afterHeight";

export interface ErrorDetails {
  /** Plain data for logs; never secrets. */
  readonly context?: Readonly<Record<string, string | number | bigint | boolean | undefined>>;
  /** With retry `afterHeight`: the height of the source chain to wait for. */
  readonly height?: bigint;
  /** Replaces the code's general hint with one that names the field or value at hand. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export class CausewayError extends Error {
  override readonly name = "CausewayError";
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly hint: string;
  readonly context: NonNullable<ErrorDetails["context"]>;
  readonly height: bigint | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.retry = errorCodes[code].retry;
    this.hint = details.hint ?? errorCodes[code].hint;
    this.context = details.context ?? {};
    this.height = details.height;
  }

  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      retry: this.retry,
      hint: this.hint,
      context: Object.fromEntries(
        Object.entries(this.context).map(([key, value]) => [key, typeof value === "bigint" ? value.toString() : value]),
      ),
    };
  }
}

export const isCausewayError = (error: unknown): error is CausewayError => error instanceof CausewayError;
