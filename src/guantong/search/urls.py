from __future__ import annotations

from django.urls import path

from guantong.search.views import finding, saved, words

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("search/units/<int:pk>/", finding.found_unit, name="found-unit"),
    path("search/words/", words.synonyms, name="synonyms"),
    path("search/words/<int:pk>/end/", words.synonym_end, name="synonym-end"),
    path("saved-views/", saved.saved_views, name="saved-views"),
    path("saved-views/new/", saved.new_view, name="new-view"),
    path("saved-views/<int:pk>/", saved.saved_view, name="saved-view"),
    path("saved-views/<int:pk>/end/", saved.saved_view_end, name="saved-view-end"),
    path("saved-views/shared/<str:code>/", saved.shared_view, name="shared-view"),
]
