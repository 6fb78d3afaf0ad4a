// What this process calls itself on every connection to the database that it works with, so that another one can end them all.
import { randomBytes } from "node:crypto";

export const PROCESS_NAME = `causeway ${process.pid} ${randomBytes(4).toString("hex")}`;
