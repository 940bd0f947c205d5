((log) => {
  const show = (value) => {
    if (typeof value === 'string') return value;
    const text = JSON.stringify(value);
    return text === undefined ? String(value) : text;
  };
  const say = (...values) => log(values.map(show).join(' '));
  globalThis.console = { log: say, info: say, warn: say, error: say, debug: say };
})
