/** What apps import as `tenantry/client`. It loads no database: what needs one loads it when it is called. */

export type { Value } from "../model/value.ts";
export type * from "./client.ts";
export { type ClientOptions, createClient } from "./create-client.ts";
export { createLocalClient, type LocalClientOptions } from "./create-local-client.ts";
export { NoAnswer, QuestionRefused } from "./trouble.ts";
export * from "./with-org.ts";
