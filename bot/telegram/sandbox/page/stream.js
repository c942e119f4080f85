// The live stream of one person; after a break it begins again with a snapshot.

const RETRY = 1000;

export class Stream {
  constructor(onEvent, onLink) {
    this.onEvent = onEvent;
    this.onLink = onLink;
    this.source = null;
    this.timer = 0;
  }

  open(userId) {
    clearTimeout(this.timer);
    this.source?.close();
    const source = new EventSource(`/page/events?user_id=${userId || ""}`);
    this.source = source;
    source.onopen = () => this.onLink(true);
    source.onmessage = (event) => this.onEvent(JSON.parse(event.data));
    source.onerror = () => {
      this.onLink(false);
      source.close();
      this.timer = setTimeout(() => this.open(userId), RETRY);
    };
  }
}
