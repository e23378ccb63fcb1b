using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Requests;

/// <summary>Marks a HEAD that is handled as GET: what would never end must know.</summary>
internal sealed class HeadRequest
{
    private static readonly HeadRequest Mark = new();

    public static bool Is(HttpContext http) => http.Features.Get<HeadRequest>() is not null;

    public static void Set(HttpContext http) => http.Features.Set(Mark);
}
