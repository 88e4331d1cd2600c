"""The words that the renderer puts into a document, in the languages it knows."""

from __future__ import annotations

NAMES = ("fig", "tbl", "eq", "sec", "chapter", "appendix", "contents", "references", "note", "tip",
         "warning", "important", "caution", "table-in", "skip", "pdf", "supplement", "backlinks",
         "search", "nothing-found", "copy", "copied", "link-here", "scheme", "picture")
"""Figure, Table, Equation and Section by the kinds of labels; then the other words."""

WORDS: dict[str, tuple[str, ...]] = {
    "en": ("Figure", "Table", "Equation", "Section", "Chapter", "Appendix", "Contents",
           "References", "Note", "Tip", "Warning", "Important", "Caution", "Table in",
           "Skip to the text", "PDF of this report",
           "Supplement", "Quoted in", "Search this page", "Nothing found", "Copy", "Copied",
           "Copy a link to this", "Light or dark", "Picture"),
    "de": ("Abbildung", "Tabelle", "Gleichung", "Abschnitt", "Kapitel", "Anhang",
           "Inhaltsverzeichnis", "Literatur", "Hinweis", "Tipp", "Warnung", "Wichtig", "Vorsicht",
           "Tabelle in", "Zum Text springen", "PDF dieses Berichts",
           "Ergänzung", "Zitiert in", "Diese Seite durchsuchen", "Nichts gefunden", "Kopieren",
           "Kopiert", "Link hierher kopieren", "Hell oder dunkel", "Bild"),
    "fr": ("Figure", "Tableau", "Équation", "Section", "Chapitre", "Annexe", "Table des matières",
           "Références", "Note", "Astuce", "Avertissement", "Important", "Mise en garde",
           "Tableau dans", "Aller au texte", "PDF de ce rapport",
           "Supplément", "Cité dans", "Chercher dans cette page", "Rien trouvé", "Copier",
           "Copié", "Copier un lien vers ceci", "Clair ou sombre", "Image"),
    "es": ("Figura", "Tabla", "Ecuación", "Sección", "Capítulo", "Apéndice", "Índice",
           "Referencias", "Nota", "Consejo", "Advertencia", "Importante", "Precaución", "Tabla en",
           "Ir al texto", "PDF de este informe",
           "Suplemento", "Citado en", "Buscar en esta página", "Nada encontrado", "Copiar",
           "Copiado", "Copiar un enlace a esto", "Claro u oscuro", "Imagen"),
    "it": ("Figura", "Tabella", "Equazione", "Sezione", "Capitolo", "Appendice", "Indice",
           "Bibliografia", "Nota", "Suggerimento", "Avvertenza", "Importante", "Attenzione",
           "Tabella in", "Vai al testo", "PDF di questo rapporto",
           "Supplemento", "Citato in", "Cerca in questa pagina", "Nessun risultato", "Copia",
           "Copiato", "Copia un link a questo", "Chiaro o scuro", "Immagine"),
    "nl": ("Figuur", "Tabel", "Vergelijking", "Paragraaf", "Hoofdstuk", "Bijlage", "Inhoudsopgave",
           "Referenties", "Opmerking", "Tip", "Waarschuwing", "Belangrijk", "Let op", "Tabel in",
           "Naar de tekst", "PDF van dit rapport",
           "Supplement", "Geciteerd in", "Zoek op deze pagina", "Niets gevonden", "Kopiëren",
           "Gekopieerd", "Kopieer een link hierheen", "Licht of donker", "Afbeelding"),
    "pt": ("Figura", "Tabela", "Equação", "Seção", "Capítulo", "Apêndice", "Índice", "Referências",
           "Nota", "Dica", "Aviso", "Importante", "Cuidado", "Tabela em", "Ir para o texto",
           "PDF deste relatório",
           "Suplemento", "Citado em", "Pesquisar nesta página", "Nada encontrado", "Copiar",
           "Copiado", "Copiar uma ligação para isto", "Claro ou escuro", "Imagem"),
}


def words(lang: str) -> dict[str, str]:
    """The words by name, for a language given as ``en`` or ``en-GB``; English for one not known."""
    return dict(zip(NAMES, WORDS.get(lang.split("-")[0], WORDS["en"]), strict=True))
