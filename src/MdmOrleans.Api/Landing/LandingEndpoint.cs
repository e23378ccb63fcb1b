using System.Text;
using System.Text.Encodings.Web;
using MdmOrleans.Api.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Landing;

internal static class LandingEndpoint
{
    private static readonly string Page = ReadPage();

    public static void MapLanding(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/", ShowAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<ContentHttpResult> ShowAsync(HttpContext http, Readiness readiness, CancellationToken cancellationToken)
    {
        var failing = await readiness.FailingAsync(cancellationToken);
        var status = failing.Count == 0 ? "Ready." : $"Not ready: {string.Join(", ", failing)}.";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.CacheControl = "no-store";
        var html = Page
            .Replace("{{class}}", failing.Count == 0 ? "ready" : "waiting", StringComparison.Ordinal)
            .Replace("{{status}}", HtmlEncoder.Default.Encode(status), StringComparison.Ordinal)
            .Replace("{{address}}", HtmlEncoder.Default.Encode($"{http.Request.Scheme}://{http.Request.Host}"), StringComparison.Ordinal);
        return TypedResults.Content(html, "text/html", Encoding.UTF8);
    }

    private static string ReadPage()
    {
        using var stream = typeof(LandingEndpoint).Assembly.GetManifestResourceStream("landing.html")!; // named so in the project
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
