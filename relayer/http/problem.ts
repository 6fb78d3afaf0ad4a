// A request that cannot be answered as it was made, with the HTTP status that says so.

export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly statusCode: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(statusCode: number, code: string, message: string, hint?: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.hint = hint;
  }
}

export const notFound = (message: string): RequestProblem => new RequestProblem(404, "NOT_FOUND", message);
