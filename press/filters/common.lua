-- What both filters share: the kinds of things that carry numbers, and talking to the driver.
local M = {}

M.html = FORMAT:match 'html' ~= nil
M.typst = FORMAT == 'typst'
M.names = {fig = 'Figure', tbl = 'Table', eq = 'Equation', sec = 'Section'}

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
