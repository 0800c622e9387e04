/** A wire between servers and what they need, which can fall silent, and be moved to another port while they stay connected. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Relay {
  readonly port: number;
  /** New connections go there. */
  pointTo(port: number): void;
  /**
   * Nothing passes any more on the connections that are open, and neither end hears that the other is gone: as after a
   * failover, or behind a firewall that forgot them. `newOnes`: the same holds for those that come, until `recover`.
   */
  fallSilent(newOnes: "work" | "are silent"): void;
  recover(): void;
  /** Connections that are open and not silent. */
  openCount(): number;
  close(): Promise<void>;
}

interface Wire {
  readonly near: Socket;
  readonly far: Socket;
  isSilent: boolean;
}

/** What comes is read and lost, so that the end of a connection is noticed here, and nowhere else. */
function mute(wire: Wire): void {
  wire.isSilent = true;
  for (const end of [wire.near, wire.far])
    end
      .unpipe()
      .on("data", () => {})
      .resume();
}

/** Breaks a connection as soon as either end of it does. */
export async function startRelay(targetPort: number): Promise<Relay> {
  let target = targetPort;
  let takesSilently = false;
  const wires = new Set<Wire>();
  const server = createServer((near) => {
    const wire: Wire = { near, far: connect(target, "127.0.0.1"), isSilent: false };
    const { far } = wire;
    wires.add(wire);
    for (const end of [near, far]) end.on("error", () => {});
    near.pipe(far);
    far.pipe(near);
    near.once("close", () => {
      wires.delete(wire);
      far.destroy();
    });
    far.once("close", () => {
      if (!wire.isSilent) near.destroy();
    });
    if (takesSilently) mute(wire);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    pointTo: (port) => {
      target = port;
    },
    fallSilent(newOnes) {
      takesSilently = newOnes === "are silent";
      for (const wire of wires) mute(wire);
    },
    recover: () => {
      takesSilently = false;
    },
    openCount: () => [...wires].filter(({ isSilent }) => !isSilent).length,
    close: async () => {
      for (const { near, far } of wires) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}
