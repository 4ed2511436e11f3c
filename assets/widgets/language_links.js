const root = find(".fp-languages");
root.setAttribute("aria-label", given.label);
root.replaceChildren(
  ...given.languages.map(({ code, name, address }) =>
    make("a", "", name, { href: address, lang: code, hreflang: code, target: "_self" }),
  ),
);
