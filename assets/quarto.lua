-- Quarto's PDF: what is told under a figure or table is small and grey, apart from the text after it.
local function typst(code) return pandoc.RawBlock('typst', code) end

function Div(div)
  if FORMAT == 'typst' and div.classes:includes('provenance') then
    local content = div.content
    content:insert(1, typst '#block(below: 1.4em)[#provenance[')
    content:insert(typst ']]')
    return content
  end
end
