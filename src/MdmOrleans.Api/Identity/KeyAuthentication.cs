using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api.Identity;

internal sealed class KeyAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>Also takes the key as the password of Basic, and asks browsers for it.</summary>
    public bool AllowBasic { get; set; }
}

/// <summary>Proves API keys: hashes what was sent and asks the key ring for it.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<KeyAuthenticationOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyProofs keys)
    : AuthenticationHandler<KeyAuthenticationOptions>(options, loggers, encoder)
{
    public const string Bearer = "Bearer";

    /// <summary>For pages that people open in a browser.</summary>
    public const string Browser = "Browser";

    /// <summary>The claim of a key that sees all tenants.</summary>
    public const string AllTenants = "allTenants";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (Secret() is not { Length: > 0 } secret
            || await keys.FindAsync(secret, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("The key does not exist.");
        }

        var caller = new Caller(key);
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity(Scheme.Name, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, caller.Actor));
        identity.AddClaims(Enum.GetValues<KeyRole>().Where(role => role <= key.Role).Select(role => new Claim(ClaimTypes.Role, role.ToWire())));
        if (key.Tenants is null)
        {
            identity.AddClaim(new Claim(AllTenants, bool.TrueString));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // The body is written where every bare status gets one.
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Options.AllowBasic ? "Basic realm=\"mdm\", charset=\"UTF-8\""
            : Request.Headers.Authorization.Count > 0 ? "Bearer realm=\"mdm\", error=\"invalid_token\""
            : "Bearer realm=\"mdm\"";
        return Task.CompletedTask;
    }

    private string? Secret()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || header.Parameter is not { } parameter)
        {
            return null;
        }

        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter.Trim();
        }

        return Options.AllowBasic && header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(parameter) : null;
    }

    /// <summary>What stands behind the first colon; the user's name may be anything.</summary>
    private static string? Password(string parameter)
    {
        var bytes = new byte[parameter.Length];
        return Convert.TryFromBase64String(parameter, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length) is var pair
            && pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? pair[(colon + 1)..]
            : null;
    }
}
