/** Where the person is: the part of the address after `#`. Works in a browser and in a desktop window alike. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** `#/clients/client_001?tab=logs` is `{ screen: 'clients', rest: ['client_001'], query: { tab: 'logs' } }`. */
export interface Place {
  readonly screen: string;
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** Reads an address's fragment. What is not understood is the home screen. */
export function placeOf(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [screen = '', ...rest] = path
    .split('/')
    .map(decoded)
    .filter((part) => part !== '');
  return { screen: screen === '' ? 'pool' : screen, rest, query: Object.fromEntries(new URLSearchParams(search)) };
}

/** The fragment of a place. */
export function hrefOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const place = createStore<Place>(() => placeOf(location.hash));

window.addEventListener('hashchange', () => place.setState(placeOf(location.hash), true));

/** Goes somewhere. */
export function goTo(path: string, query: Readonly<Record<string, string>> = {}): void {
  location.hash = hrefOf(path, query);
}

/** Changes a part of the query and keeps the rest, without a step in the history. */
export function setQuery(change: Readonly<Record<string, string | undefined>>): void {
  const { screen, rest, query } = place.getState();
  const next = Object.entries({ ...query, ...change }).filter((pair): pair is [string, string] => !!pair[1]);
  history.replaceState(null, '', hrefOf([screen, ...rest].map(encodeURIComponent).join('/'), Object.fromEntries(next)));
  place.setState(placeOf(location.hash), true);
}

/** The place of the moment, for components. */
export function usePlace(): Place {
  return useStore(place);
}
