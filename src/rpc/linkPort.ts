/** The pipe under a link: structured-clone messages between the host and one client. */

/** Where a client runs decides the port: a message port for a thread, process IPC for a child process. */
export interface LinkPort {
  /**
   * Sends one batch.
   * @param transfer buffers whose ownership moves, where the port can do that.
   * @throws when the value cannot be cloned or the port is closed.
   */
  post(batch: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Set once, before anything is posted. */
  listen(handlers: {
    readonly onBatch: (batch: unknown) => void;
    readonly onClose: (detail: string) => void;
  }): void;
  /** The host's end ends the client at once (thread terminated, process killed); the client's own end only lets go of the port. */
  close(): void;
}
