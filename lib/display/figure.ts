/**
 * Something to look at, in every form that its readers can show: a notebook takes the page fragment or the
 * picture, a file takes the form that its ending asks for, a terminal takes the text.
 */
export interface Figure {
  /** What somebody hears who cannot see it, in a sentence. */
  alt: string;
  /** A still picture as vectors, complete in itself. */
  svg?: string;
  /** A still picture in pixels. */
  png?: Uint8Array<ArrayBuffer>;
  /** A page fragment that may hold scripts; shows the still picture where scripts do not run. */
  html?: string;
  /** The same in words and plain characters, short. */
  text: string;
  /** Lines for a terminal where they show more than {@linkcode text}: block characters, colours. */
  terminal?: (screen: Screen) => string;
  /** Size on the page in CSS pixels; a png may have more pixels than that, for sharp screens. */
  size?: { width: number; height: number };
}

/** What a terminal can show. */
export interface Screen {
  /** Characters per line. */
  columns: number;
  /** Lines. */
  rows?: number;
  /** Colours a terminal knows: 24-bit colours, or none. */
  colours: boolean;
}
