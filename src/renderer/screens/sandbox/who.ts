/** A chat's two ends. */
export interface Who {
  readonly botId: number;
  readonly personId: number;
}
