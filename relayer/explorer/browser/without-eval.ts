// Schemas compile themselves where they may; these pages' policy forbids it, and browsers report the attempt. Imported before any schema.
import { z } from "zod";

z.config({ jitless: true });
