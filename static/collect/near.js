// Who is near: asked when somebody presses, for the order of the list only; never kept, never sent.
import { formsOf, newestOf } from "./records.js";
import { questionsOf } from "./forms.js";

const PATIENCE = 20_000;
const EARTH = 6_371_000;
const radians = (degrees) => (degrees * Math.PI) / 180;

// Where the phone is; null where that is not told.
export function whereAmI() {
  return new Promise((tell) => {
    if (!navigator.geolocation) {
      tell(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell({ lat: coords.latitude, lon: coords.longitude }), () => tell(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 });
  });
}

// What was noted when the household was visited; null where nobody noted it.
export function noted(home) {
  for (const form of formsOf(home)) {
    const answers = newestOf(home, form)?.answers ?? home.current?.[form.code]?.answers ?? {};
    for (const question of questionsOf(form)) {
      const value = question.kind === "location" ? answers[question.code]?.value : null;
      if (value?.lat !== undefined) return value;
    }
  }
  return null;
}

export function metres(one, other) {
  const x = radians(other.lon - one.lon) * Math.cos(radians((one.lat + other.lat) / 2));
  return Math.hypot(x, radians(other.lat - one.lat)) * EARTH;
}
