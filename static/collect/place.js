// Where the phone is: asked when a household opens, used when it is good enough, never waited for.
const GOOD_METRES = 20;
const ENOUGH_SECONDS = 20;

// best: the most exact position so far; stands: asking, good, rough, none.
export const place = { best: null, stands: "none" };
export const moves = new EventTarget();
let watch = null;
let timer = 0;

function say(stands) {
  place.stands = stands;
  moves.dispatchEvent(new Event("change"));
}

export function start() {
  stop();
  place.best = null;
  if (!navigator.geolocation) {
    say("none");
    return;
  }
  say("asking");
  watch = navigator.geolocation.watchPosition(found, () => settle(), {
    enableHighAccuracy: true, timeout: ENOUGH_SECONDS * 1000, maximumAge: 60_000,
  });
  timer = setTimeout(settle, ENOUGH_SECONDS * 1000);
}

export function stop() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
  clearTimeout(timer);
}

function found({ coords }) {
  const accuracy = Math.round(coords.accuracy);
  if (!place.best || accuracy < place.best.accuracy) {
    place.best = { lat: coords.latitude, lon: coords.longitude, accuracy };
  }
  if (place.best.accuracy <= GOOD_METRES) {
    stop();
    say("good");
  } else {
    say(place.stands);
  }
}

function settle() {
  stop();
  say(place.best ? "rough" : "none");
}
