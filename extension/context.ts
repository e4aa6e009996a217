import type { Disposable, Event, OutputChannel, Uri } from "vscode";
import type { Snapshot } from "./engine/calls.ts";
import type { Engine } from "./engine/engine.ts";

/** What every feature may use. */
export interface Extension {
  readonly engine: Engine;
  /** The last look at all accounts; null before the first. */
  readonly accounts: {
    readonly snapshot: Snapshot | null;
    /** Told after each look. */
    readonly onLook: Event<Snapshot>;
    /** Looks now. */
    refresh(): Promise<void>;
    /** Runs something with a bar of progress in the view. */
    busy<T>(work: () => Promise<T>): Promise<T>;
  };
  /** Told whenever something under CCS_DIR has changed, while somebody wants to know. */
  readonly onChange: Event<void>;
  /** Follows the disk for as long as the result is not disposed of. */
  follow(): Disposable;
  readonly log: OutputChannel;
  readonly uri: Uri;
  /** Disposed of with the extension. */
  own(...disposables: Disposable[]): void;
}
