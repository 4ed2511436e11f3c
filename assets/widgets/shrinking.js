// Pictures made small in the browser, beside the page: `given.shrinker` is the worker's script.

const SHRINKERS = 2; // threads at most; each holds one whole picture, 48 MB for 12 megapixels
const SHRINK_MOST_BYTES = 256e6; // no photo is larger; a film is
const SHRINK_PATIENCE_MS = 60_000;

/** Workers that make pictures small.
 *
 *  `shrink(file)` promises {file, opened, original}: the smaller picture with the digest of what it
 *  was made of, or the file itself when it is small already, or when it can't be opened, whatever
 *  the reason. `stop()` ends all work at once.
 */
function makeShrinker() {
  const address = URL.createObjectURL(new Blob([given.shrinker], { type: "text/javascript" }));
  const others = (navigator.hardwareConcurrency || 1) - 1; // one core is the page's own
  const most = Math.max(1, Math.min(SHRINKERS, others));
  const idle = [];
  const waiting = [];
  const busy = new Set();
  let stopped = typeof OffscreenCanvas === "undefined" || typeof Worker === "undefined";

  function next() {
    while (waiting.length > 0 && (idle.length > 0 || busy.size < most)) {
      const { file, done } = waiting.shift();
      ask(idle.pop() ?? start(), file, done);
    }
  }

  function start() {
    try {
      return new Worker(address);
    } catch {
      stopped = true; // the browser or its rules allow none
      return null;
    }
  }

  function ask(worker, file, done) {
    if (!worker) return done({ file, opened: false });
    const end = ({ small, opened, original }, alive) => {
      clearTimeout(late);
      busy.delete(task);
      worker.onmessage = worker.onerror = null;
      if (alive) idle.push(worker);
      else worker.terminate();
      done({ file: small ?? file, opened, original });
      next();
    };
    const task = () => end({ small: null, opened: false }, false);
    const late = setTimeout(task, SHRINK_PATIENCE_MS);
    busy.add(task);
    worker.onmessage = ({ data }) => end(data, true);
    worker.onerror = task;
    worker.postMessage({ file });
  }

  return {
    shrink(file) {
      if (stopped || file.size > SHRINK_MOST_BYTES) return Promise.resolve({ file, opened: false });
      return new Promise((done) => {
        waiting.push({ file, done });
        next();
      });
    },
    stop() {
      stopped = true;
      for (const { file, done } of waiting.splice(0)) done({ file, opened: false });
      for (const task of [...busy]) task();
      for (const worker of idle.splice(0)) worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
