-- What both filters share: the kinds of things that carry numbers, holes, and talking to the driver.
local M = {}

M.html = FORMAT:match 'html' ~= nil
M.typst = FORMAT == 'typst'
M.names = {fig = 'Figure', tbl = 'Table', eq = 'Equation', sec = 'Section'}

-- What stands where the rest of the book has a say, until `joined.py` puts it in: the number of the
-- chapter, the list of references, and what `facts.holes[n]` tells.
M.number = 'pressXnumberX'
M.references = 'pressXreferencesX'
function M.hole(n) return 'pressXhole' .. n .. 'X' end

-- The kind of a label (`fig-x` -> `fig`), nil for anything else, such as a citation key.
function M.kind(id)
  local kind = id:match '^(%a+)%-'
  return M.names[kind] and kind or nil
end

function M.has(element, class) return element.classes:includes(class) end

-- A line for the driver: it finds the place in the chapters and stops the render.
function M.problem(kind, what, chapter)
  io.stderr:write('press\t' .. kind .. '\t' .. what .. '\t' .. (chapter or '') .. '\n')
end

function M.raw(text) return pandoc.RawBlock(M.html and 'html' or 'typst', text) end
-- Text to be filled in, in a place where text of the format stands (in Typst, inside a string).
function M.rawtext(text)
  return M.html and pandoc.RawInline('html', text) or pandoc.RawInline('typst', '#"' .. text .. '";')
end
function M.rawinline(text) return pandoc.RawInline(M.html and 'html' or 'typst', text) end

-- A Typst string literal.
function M.quoted(text) return '"' .. text:gsub('[\\"]', '\\%0'):gsub('\n', ' ') .. '"' end

-- Text for an HTML attribute or element.
function M.escaped(text)
  return (text:gsub('[&<>"]', {['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;'}))
end

-- One property of an inline style, '' when it is not set.
function M.css(style, property)
  local value = (';' .. (style or '')):match('[;%s]' .. property:gsub('%-', '%%-') .. ':%s*([^;]+)')
  return (value or ''):gsub('%s*!important', ''):gsub('%s+$', '')
end

return M
