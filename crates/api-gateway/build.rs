//! Takes Swagger UI's files out of the archive that comes with `utoipa-swagger-ui-vendored`. They lie there deflated, and
//! become gzip files (RFC 1952) by a head and a tail: the gateway gives them out as they are.

use std::error::Error;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::result::ZipResult;
use zip::{CompressionMethod, ZipArchive};

const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var("OUT_DIR")?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in FILES {
        let paths: Vec<String> = archive.file_names().map(|path| Ok(path?.into_owned())).collect::<ZipResult<_>>()?;
        let index = paths.iter().position(|path| path.ends_with(&format!("/dist/{name}")));
        let mut deflated = archive.by_index_raw(index.ok_or_else(|| format!("Swagger UI has no {name}"))?)?;
        if deflated.compression() != CompressionMethod::DEFLATE {
            return Err(format!("{name} isn't deflated").into());
        }
        let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        deflated.read_to_end(&mut gzip)?;
        gzip.write_all(&deflated.crc32().to_le_bytes())?;
        gzip.write_all(&u32::try_from(deflated.size())?.to_le_bytes())?;
        std::fs::write(Path::new(&out).join(format!("{name}.gz")), gzip)?;
    }
    Ok(())
}
