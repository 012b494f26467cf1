import { estate } from "./migrations/001-estate.ts";
import { books } from "./migrations/002-books.ts";
import { catalog } from "./migrations/003-catalog.ts";
import { places } from "./migrations/004-places.ts";
import { people } from "./migrations/005-people.ts";
import { commerce } from "./migrations/006-commerce.ts";
import { settings } from "./migrations/007-settings.ts";
import { bookKeeping } from "./migrations/008-book-keeping.ts";
import { security } from "./migrations/009-security.ts";
import { sources } from "./migrations/010-sources.ts";
import { timeline } from "./migrations/011-timeline.ts";
import { missingBooks } from "./migrations/012-missing-books.ts";
import { notes } from "./migrations/013-notes.ts";
import { changesSince } from "./migrations/014-changes-since.ts";
import { keys } from "./migrations/015-keys.ts";
import type { Migration } from "./migrations/migration.ts";

/** Every step of the schema, in order; the place in this list is the step's number. */
export const schemaMigrations: readonly Migration[] = [
  estate,
  books,
  catalog,
  places,
  people,
  commerce,
  settings,
  bookKeeping,
  security,
  sources,
  timeline,
  missingBooks,
  notes,
  changesSince,
  keys,
];

/** The number of the schema that this version works with. */
export const schemaVersion = schemaMigrations.length;
