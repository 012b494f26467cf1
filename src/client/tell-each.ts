/**
 * Calls every listener. What one throws, at once or later, is its own fault: the others are called, answers are given, and the
 * process warns of it.
 */
export function tellEach<T>(listeners: Iterable<(told: T) => unknown>, told: T): void {
  for (const listener of [...listeners]) void tellOne(listener, told);
}

async function tellOne<T>(listener: (told: T) => unknown, told: T): Promise<void> {
  try {
    await listener(told);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning("A listener of a client failed.", { type: "TenantryWarning", detail });
  }
}
