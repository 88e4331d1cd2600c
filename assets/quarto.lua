-- Quarto's PDF: what is told under a figure or table is small and grey, apart from the text after it;
-- a statement of the audit, whose heading begins a block, stands apart from the one before.
local function typst(code) return pandoc.RawBlock('typst', code) end

-- a new line in a cell, which Quarto would leave out of print
function RawInline(raw)
  if FORMAT == 'typst' and raw.format == 'html' and raw.text:match '^<br' then return pandoc.LineBreak() end
end

function Div(div)
  if FORMAT ~= 'typst' then return nil end
  if div.classes:includes('provenance') then
    local content = div.content
    content:insert(1, typst '#block(below: 1.4em)[#provenance[')
    content:insert(typst ']]')
    return content
  end
  if div.classes:includes('ledger-entry') or div.classes:includes('finding') then
    return { typst '#v(1.6em, weak: true)', div }
  end
end
