/**
 * The environment of this process, as commands under test inherit it: without what names a database or asks for colours, which
 * whoever runs the tests may have set for other purposes.
 */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, FORCE_COLOR: _colour, ...inherited } = process.env;
  return inherited;
}
