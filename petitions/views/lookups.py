"""What type-aheads ask of the petitions' code tables."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from petitions import codes


@require_GET
def categories(request: HttpRequest) -> JsonResponse:
    """Leaves and classes of the content categories by code, pinyin initials or words; the first level for nothing typed."""
    q = request.GET.get("q", "").strip()
    rows = codes.search_categories(q, limit=12) if q else codes.TOP_CATEGORIES
    return JsonResponse(
        [
            {"value": row.code, "label": f"{row.code}  {codes.category_label(row.code, 2)}", "hint": row.path.split("/")[0] if row.level > 2 else ""}
            for row in rows
        ],
        safe=False,
    )
