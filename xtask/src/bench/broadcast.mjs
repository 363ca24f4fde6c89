// The least that a relay can do: whoever is in a room hears everything, by hibernating WebSockets. What Baton's edge is
// measured against.

export default {
  fetch(request, env) {
    const room = env.ROOM.idFromName(new URL(request.url).pathname);
    return env.ROOM.get(room).fetch(request);
  },
};

export class Room {
  constructor(state) {
    this.state = state;
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.state.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(_from, message) {
    for (const socket of this.state.getWebSockets()) socket.send(message);
  }

  webSocketClose() {}
}
