import pg from "pg";
import { arrayText } from "./sql-text.ts";
import type { Answer, Transaction } from "./transaction.ts";

/** A transaction that runs nothing, and the statements that it would have run. */
export interface Recording {
  readonly transaction: Transaction;
  readonly statements: readonly string[];
  /** Adds a statement that raises an error, with that message, where a condition does not hold. */
  readonly demand: (condition: string, values: readonly unknown[], message: string) => void;
}

/**
 * Writes statements down with their values in them, and answers what they assume. One that assumes something is
 * written so that it fails where it finds another number of rows.
 */
export function recordStatements(): Recording {
  const statements: string[] = [];
  const query = async <Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    assumed?: readonly Row[],
  ): Promise<Answer<Row>> => {
    const statement = withValues(text, values).trim();
    statements.push(assumed ? counted(statement, assumed.length) : `${statement};`);
    return { rows: assumed ?? [], rowCount: assumed?.length ?? 0 };
  };
  return {
    statements,
    transaction: {
      query,
      get kysely(): never {
        throw new Error("What is written down is not built by kysely.");
      },
    },
    demand(condition, values, message) {
      const test = `if (${withValues(condition, values)}) is not true then`;
      statements.push(block(`${test}\n  ${raise(message)}\nend if;`));
    },
  };
}

/** A statement that answers rows is looped over: the one way to count them whatever it begins with. */
function counted(statement: string, rows: number): string {
  const answers = /^(?:with|select)\b|\breturning\b/i.test(statement);
  const body = answers
    ? `for tenantry_row in ${statement} loop\n  tenantry_rows := tenantry_rows + 1;\nend loop;`
    : `${statement};\nget diagnostics tenantry_rows = row_count;`;
  const check = `if tenantry_rows <> ${rows} then\n  ${raise("A row is no more as the plan saw it.")}\nend if;`;
  return block(`${body}\n${check}`);
}

function block(body: string): string {
  let tag = "$tenantry$";
  while (body.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
  const declared = "declare tenantry_rows bigint := 0; tenantry_row record;";
  return `do ${tag}\n#variable_conflict use_column\n${declared}\nbegin\n${body}\nend ${tag};`;
}

function raise(message: string): string {
  return `raise exception using message = ${pg.escapeLiteral(message)}, errcode = 'serialization_failure';`;
}

function withValues(text: string, values: readonly unknown[]): string {
  return text.replace(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]));
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!Array.isArray(value)) return pg.escapeLiteral(String(value));
  return pg.escapeLiteral(arrayText(value.map((one) => (one === null ? null : String(one)))));
}
