# The reference of the edge's figures: broadcast.mjs in plain `workerd`.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "broadcast", worker = .broadcast)],
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "broadcast")],
);

const broadcast :Workerd.Worker = (
  modules = [(name = "broadcast.mjs", esModule = embed "broadcast.mjs")],
  compatibilityDate = "2026-09-01",
  bindings = [(name = "ROOM", durableObjectNamespace = "Room")],
  durableObjectNamespaces = [(className = "Room", uniqueKey = "baton-bench-room")],
  durableObjectStorage = (inMemory = void),
);
