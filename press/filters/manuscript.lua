-- For a text file of a word processor or a journal's archive: what crossref.lua left as divs becomes
-- figures and tables of the format. Numbers stand as text, so that they are those of the page.
package.path = PANDOC_SCRIPT_FILE:gsub('[^/\\]+$', '') .. '?.lua;' .. package.path
local common = require 'common'
local has = common.has
local jats = FORMAT:match 'jats' ~= nil

-- JATS has an element for a number: `manuscript.py` makes it of what stands between two of these.
local LABEL = 'pressXlabelX'

local function label(text)
  return jats and pandoc.Str(LABEL .. text .. LABEL) or pandoc.Str(text)
end

local function image(i)
  local alt = i.attributes['fig-alt'] or i.attributes.alt or pandoc.utils.stringify(i.caption)
  i.caption = pandoc.Inlines(alt)
  i.attributes = {width = i.attributes.width or '100%'}
  i.classes = {}
  return i
end

local function numbered(caption, div)
  local kind = div.attributes.kind
  local lead = common.words[kind] .. '\u{a0}' .. div.attributes.number
  local first = caption[1]
  -- crossref.lua begins the caption with the number in a span, and a space
  first.content:remove(1)
  if first.content[1] and first.content[1].t == 'Space' then first.content:remove(1) end
  first.content:insert(1, jats and label(lead) or pandoc.Strong{pandoc.Str(lead .. ':')})
  first.content:insert(2, pandoc.Space())
  return caption
end

local function float(div)
  local caption, body = div.content[1].content, div.content[2].content
  caption = numbered(caption, div)
  local named = pandoc.Attr(div.identifier)
  if div.attributes.kind == 'tbl' then
    local tables = 0
    local blocks = body:walk{Table = function(t)
      tables = tables + 1
      if tables > 1 then return end
      t.attr = named
      t.caption = {long = caption}
      return t
    end}
    if tables > 0 then return blocks end
  end
  return pandoc.Figure(body, {long = caption}, named)
end

-- The end of a section of a .docx: of A4 pages, upright or across.
local function section(across)
  local size = across and 'w:w="16838" w:h="11906" w:orient="landscape"' or 'w:w="11906" w:h="16838"'
  return '<w:sectPr><w:pgSz ' .. size .. ' /><w:pgMar w:top="1304" w:right="1304" w:bottom="1304" '
    .. 'w:left="1304" w:header="709" w:footer="709" w:gutter="0" /></w:sectPr>'
end

local function page_break(across)
  return pandoc.RawBlock('openxml', '<w:p><w:pPr>' .. section(across) .. '</w:pPr></w:p>')
end

local function across(d)
  local out = pandoc.Blocks{page_break(false)}
  out:extend(d.content)
  out:insert(page_break(true))
  return d.identifier ~= '' and pandoc.Div(out, pandoc.Attr(d.identifier)) or out
end

local function callout(div, kind)
  local title = pandoc.Inlines(pandoc.Str(common.words[kind] or kind))
  local content = div.content
  if content[1] and content[1].t == 'Div' and has(content[1], 'callout-title') then
    title = content[1].content[1].content
    content:remove(1)
  end
  content:insert(1, pandoc.Para{pandoc.Strong(title)})
  local quote = pandoc.BlockQuote(content)
  return div.identifier ~= '' and pandoc.Div(quote, pandoc.Attr(div.identifier)) or quote
end

local function equation(div)
  local inlines = pandoc.utils.blocks_to_inlines(div.content)
  inlines:insert(pandoc.Space())
  inlines:insert(pandoc.Str('(' .. div.attributes.number .. ')'))
  return pandoc.Div({pandoc.Para(inlines)}, pandoc.Attr(div.identifier))
end

local function div(d)
  local kind = table.concat(d.classes, ' '):match 'callout%-(%a+)'
  if kind and kind ~= 'title' then return callout(d, kind) end
  if has(d, 'press-float') then return float(d) end
  if has(d, 'press-equation') then return equation(d) end
  if d.identifier == 'refs' or d.identifier:match '^ref%-' then return end
  if has(d, 'landscape') and not jats then return across(d) end
  if has(d, 'press-caption') or has(d, 'press-body') or has(d, 'callout-title') then return end
  if d.identifier ~= '' then return pandoc.Div(d.content, pandoc.Attr(d.identifier)) end
  return d.content
end

local function span(s)
  if s.identifier ~= '' then return pandoc.Span(s.content, pandoc.Attr(s.identifier)) end
  if has(s, 'float-number') then return end
  if has(s, 'gt_footnote_marks') then return pandoc.Superscript(s.content) end
  return s.content
end

local function header(h)
  local number = h.attributes.number
  local appendix = h.attributes.appendix
  h.attributes = {}
  if number then
    if appendix then number = common.words.appendix .. '\u{a0}' .. number end
    h.content:insert(1, label(number))
    h.content:insert(2, pandoc.Space())
  end
  -- Pandoc writes no number here, and knows this class
  h.classes = h.classes:filter(function(class) return class == 'unnumbered' end)
  return h
end

-- Widths by what the columns hold, so that a table is as wide as the page: Word makes those without
-- a width as narrow as their headings.
local WIDEST, SPACE = 40, 2

local function longest_word(text)
  local longest = 0
  for word in text:gmatch '%S+' do longest = math.max(longest, utf8.len(word) or #word) end
  return longest
end

-- The rows of a table's head and bodies, those of each part together.
local function row_lists(t)
  local lists = {t.head.rows}
  for _, body in ipairs(t.bodies) do
    lists[#lists + 1] = body.head
    lists[#lists + 1] = body.body
  end
  return lists
end

local function fitted(t)
  local widths, open = {}, {}
  for i = 1, #t.colspecs do widths[i], open[i] = SPACE, 0 end
  local function rows(list)
    for _, row in ipairs(list) do
      local column = 1
      for _, cell in ipairs(row.cells) do
        while open[column] and open[column] > 0 do column = column + 1 end
        if cell.col_span == 1 and widths[column] then
          local text = pandoc.utils.stringify(cell.contents)
          local length = math.min(utf8.len(text) or #text, WIDEST)
          widths[column] = math.max(widths[column], length, longest_word(text))
        end
        for i = column, column + cell.col_span - 1 do
          if open[i] then open[i] = cell.row_span end
        end
        column = column + cell.col_span
      end
      for i, rest in ipairs(open) do open[i] = math.max(0, rest - 1) end
    end
  end
  for _, list in ipairs(row_lists(t)) do rows(list) end
  local sum = 0
  for i, width in ipairs(widths) do
    -- a column of long texts takes more lines, not all of the page
    widths[i] = SPACE + math.sqrt(width)
    sum = sum + widths[i]
  end
  for i, spec in ipairs(t.colspecs) do t.colspecs[i] = {spec[1], widths[i] / sum} end
end

-- Looks of HTML tables have no place here; a group of rows keeps its heading in bold.
local function plain_table(t)
  t.attr = pandoc.Attr(t.identifier)
  local function rows(list)
    for _, row in ipairs(list) do
      row.attr = pandoc.Attr()
      for _, cell in ipairs(row.cells) do
        local group = table.concat(cell.attr.classes, ' '):match 'group_heading'
        if group then
          cell.contents = cell.contents:walk{Strong = function(s) return s.content end}
          cell.contents = {pandoc.Plain{pandoc.Strong(pandoc.utils.blocks_to_inlines(cell.contents))}}
        end
        cell.attr = pandoc.Attr()
      end
    end
  end
  for _, list in ipairs(row_lists(t)) do rows(list) end
  for _, body in ipairs(t.bodies) do body.attr = pandoc.Attr() end
  rows(t.foot.rows)
  t.head.attr, t.foot.attr = pandoc.Attr(), pandoc.Attr()
  if not jats then fitted(t) end
  return t
end

local function code(c)
  c.attr = pandoc.Attr()
  return c
end

local function link(l)
  l.attributes, l.classes = {}, {}
  return l
end

local function paged(doc)
  if not jats then doc.blocks:insert(pandoc.RawBlock('openxml', section(false))) end
  return doc
end

local function nothing() return {} end

return {
  {Meta = common.read_words},
  {Image = image, Span = span, Header = header, Link = link, CodeBlock = code, Table = plain_table,
   RawBlock = nothing, RawInline = nothing},
  {Div = div},
  {Pandoc = paged},
}
