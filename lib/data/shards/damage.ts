/** A shard that is missing or whose bytes are not those that were written. */
export class DamagedShardError extends Error {
  override name = "DamagedShardError";
  /** Name of the shard's file. */
  readonly file: string;
  /** What is wrong with it. */
  readonly reason: string;

  constructor(folder: string, file: string, reason: string) {
    super(
      `${file} in ${folder} is damaged: ${reason}. Run \`deno task data prepare\` as before to make it again, ` +
        "or leave its rows out (in training: --set data.damaged=skip)",
    );
    [this.file, this.reason] = [file, reason];
  }
}
