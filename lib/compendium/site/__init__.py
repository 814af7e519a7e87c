"""The site: what is committed, made into the sources of pages, which Sphinx builds.

`places` finds every printed number in its notebook, `pages` makes the copies of the notebooks and
`chapters` parts them; `gallery` has the figures, `examples` those of the library, `parts` and
`conclusions` what is made from the data, `search` what can be looked for, `reference` the list of
modules and `citation` the ways to cite. `settings` is what a compendium says of itself, `template`
the pages and looks that every site has; `assembly` puts them together, `styles` takes out of the
sheets what no page needs, and `font` out of the letters of formulas.
"""
