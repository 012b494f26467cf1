/** The database knows less than was read from it before, as after a failover to a server that lagged. */
export class EstateBehind extends Error {
  readonly code = "estate-behind";

  constructor(where: string) {
    super(`The database ${where}. What is known is kept until it has caught up.`);
    this.name = "EstateBehind";
  }
}
